package nod.collector.authentik;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.UUID;

class FoundTest {

    private static final UUID TX = UUID.fromString("959c63d0-b3bc-4b66-b5d8-2dbdd95cd7e7");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    YES     | {'pagination':{'count':1},'results':[{'app':'nod','context':{'tx_id':'TX'}}]}
                    YES     | {'pagination':{'count':2},'results':[{},{'app':'nod','context':{'tx_id':'TX'}}]}
                    NO      | {'pagination':{'count':0},'results':[]}
                    UNCLEAR | {'pagination':{'count':1},'results':[{'app':'other','context':{'tx_id':'TX'}}]}
                    UNCLEAR | {'pagination':{'count':9},'results':[{'app':'nod','context':{'tx_id':'other'}}]}
                    UNCLEAR | {'pagination':{'count':9},'results':[]}
                    UNCLEAR | {'results':[]}
                    UNCLEAR | {'detail':'Not found.'}
                    UNCLEAR | []
                    UNCLEAR | <html>
                    UNCLEAR | {'pagination':{'count':0},'results
                    UNCLEAR | ""
                    """)
    void believesAListOfEventsAlone(Found expected, String body) {
        var json = body.replace('\'', '"').replace("TX", TX.toString());

        assertThat(Found.in(json, TX)).isEqualTo(expected);
    }
}
