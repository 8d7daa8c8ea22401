package nod.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void leavesTextAsItIs() {
        var json = "{\"user\":\"änne 👍\",\"path\":\"C:\\\\\"}";

        assertThat(Printable.text(json.getBytes(UTF_8))).isEqualTo(json);
    }

    @Test
    void namesWhatCannotBeSeen() {
        assertThat(Printable.text("\u001b[2J\r\n\u202egnp\u0000\u009b\u2028"))
                .isEqualTo("\\u001b[2J\\u000d\\u000a\\u202egnp\\u0000\\u009b\\u2028");
        assertThat(Printable.text(new String(Character.toChars(0xE0041))))
                .isEqualTo("\\udb40\\udc41");
    }

    @Test
    void namesEachByteOfWhatIsNoText() {
        assertThat(Printable.text(new byte[] {'o', 'k', (byte) 0xff, 0x1b, '~'}))
                .isEqualTo("ok\\xff\\x1b~");
    }

    @Test
    void hasALineForWhatIsAbsent() {
        assertThat(Printable.text((byte[]) null)).isEqualTo("-");
        assertThat(Printable.text(new byte[0])).isEmpty();
    }
}
