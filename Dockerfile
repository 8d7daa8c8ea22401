# One recipe for the image of every service:
#
#   docker build --build-arg SERVICE=gateway --tag localhost/nod/gateway .
#
# SERVICE is gateway, dispatcher, response-collector or simulators.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY . .
# All services at once: this stage does not know SERVICE, so that the four images share it.
# Tests are not run here; messaging's are compiled, for its test jar is part of the build.
RUN mvn --batch-mode --no-transfer-progress -DskipTests \
        --projects gateway,dispatcher,response-collector,simulators --also-make package

FROM build AS layers
ARG SERVICE
RUN : "${SERVICE:?expected --build-arg SERVICE=gateway, dispatcher, response-collector or simulators}" \
    && cp "${SERVICE}"/target/"${SERVICE}"-*-exec.jar app.jar
# Spring Boot takes a jar apart with Spring's own classes. The simulators hold none: theirs stays whole.
RUN mkdir /layers \
    && cd /layers \
    && mkdir dependencies spring-boot-loader snapshot-dependencies application \
    && if [ "${SERVICE}" = simulators ]; then \
        mv /build/app.jar application/; \
    else \
        java -Djarmode=tools -jar /build/app.jar extract --force --layers --destination .; \
    fi

FROM eclipse-temurin:25-jre
# By number, so that an orchestrator can tell that it is not root. The folder belongs to that user,
# and so does a new volume mounted there.
RUN groupadd --gid 10001 nod \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin nod \
    && install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/nod
WORKDIR /app
# What changes least comes first.
COPY --from=layers /layers/dependencies/ ./
COPY --from=layers /layers/spring-boot-loader/ ./
COPY --from=layers /layers/snapshot-dependencies/ ./
COPY --from=layers /layers/application/ ./
# Half of the container's memory is heap: network buffers, classes and threads live in the rest.
# Without memory the process ends and is started again, instead of limping on.
RUN printf '%s\n' \
        -XX:MaxRAMPercentage=50 \
        -XX:+ExitOnOutOfMemoryError \
        --enable-native-access=ALL-UNNAMED \
        --sun-misc-unsafe-memory-access=allow \
        > java.options
ARG SERVICE
# A service starts in half the time when its classes lie loaded and linked in a file. The JVM that
# will read it writes it, from a start that ends before it would need a server. It fits these very
# files alone: nothing may be copied after it. The options that name it have a file of their own, so
# that an operator can leave them out and name another cache: a JVM takes one at most.
RUN touch aot.options \
    && if [ "${SERVICE}" != simulators ]; then \
        java @java.options -XX:AOTCacheOutput=app.aot -Dspring.context.exit=onRefresh -jar app.jar \
            --spring.flyway.enabled=false --nod.gateway.public-url=http://localhost/ \
        && echo -XX:AOTCache=app.aot > aot.options; \
    fi
USER 10001:10001
ENTRYPOINT ["java", "@java.options", "@aot.options", "-jar", "app.jar"]
ARG REVISION=unknown
LABEL org.opencontainers.image.title="nod-${SERVICE}" \
      org.opencontainers.image.description="Nod, the push gateway for authentik: ${SERVICE}" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision="${REVISION}"
