# The standalone server: docker build -t pipely .
# && docker run --rm -p 6550:6550 --sysctl net.ipv4.tcp_retries2=5 pipely
#
# An image cannot set what --sysctl sets; without it, the log says at start what that costs.
#
# Not run by those who wrote it: they had no Docker engine, so neither `docker build` nor the image
# has been tried. What stands in it has: the build's command, the server's, and the health check's.

FROM eclipse-temurin:17-jdk-noble AS build
WORKDIR /src
COPY . .
RUN ./mvnw -q -DskipTests -pl pipely-example/standalone -am package

FROM eclipse-temurin:21-jre-noble
COPY --from=build /src/pipely-example/standalone/target/pipely.jar /app/pipely.jar

# Nobody in particular: it needs no home, and no file that it could write.
USER 10001:10001

# Settings are environment variables, see README.md.
EXPOSE 6550

# The base image has wget. The port is ADDRESS's, otherwise PORT's, otherwise the default.
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
  CMD port="${ADDRESS##*:}"; \
    wget -q -O /dev/null "http://127.0.0.1:${port:-${PORT:-6550}}/health" || exit 1

# In exec form, so that the signals that end a container reach the JVM.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-jar", "/app/pipely.jar"]
