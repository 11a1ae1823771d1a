package io.pipely.endurance.stress;

import java.time.Duration;

/**
 * What a run is told.
 *
 * @param seed of all choices
 * @param time how long to go on, which the last round may exceed
 * @param clients who come and go, beside two residents in every second channel
 * @param keepBytes the server's option
 * @param grace the server's option
 * @param serverKey the server's, or empty where it is not known
 */
public record Settings(
    long seed,
    Duration time,
    int clients,
    int channels,
    int keepBytes,
    Duration grace,
    String serverKey) {}
