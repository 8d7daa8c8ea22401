package nod.gateway.schema;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Files of a page: those of a WebJar on the class path, and the page's own. */
final class WebJar {

    private final String folder;

    private WebJar(String folder) {
        this.folder = folder;
    }

    /** The WebJar of that name in {@code org.webjars}, in whatever version the build brings. */
    static WebJar named(String name) {
        var about = "META-INF/maven/org.webjars/" + name + "/pom.properties";
        try {
            var version =
                    PropertiesLoaderUtils.loadProperties(new ClassPathResource(about))
                            .getProperty("version");
            return new WebJar("META-INF/resources/webjars/" + name + "/" + version + "/");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of this WebJar. */
    byte[] file(String name) {
        return read(new ClassPathResource(folder + name));
    }

    /** A file beside this class. */
    static byte[] own(String name) {
        return read(new ClassPathResource(name, WebJar.class));
    }

    private static byte[] read(ClassPathResource file) {
        try {
            return file.getContentAsByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
