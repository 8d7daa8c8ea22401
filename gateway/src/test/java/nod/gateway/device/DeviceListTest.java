package nod.gateway.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceListTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name                   | name, pk",
                "-name                  | name DESC, pk",
                "confirmed,-last_checkin | confirmed, checked_in DESC, pk",
                "pk                     | pk, pk",
                "push_key               | name, pk",
                "name;DROP TABLE device | name, pk",
                ",,                     | name, pk"
            })
    void ordersByKnownTermsAndAtLastByThePk(String ordering, String sql) {
        assertThat(DeviceList.orderBy(ordering)).isEqualTo(sql);
    }
}
