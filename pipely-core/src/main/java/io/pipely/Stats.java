package io.pipely;

/** How much is going on: open channels, and their members. */
public record Stats(int channels, int clients) {}
