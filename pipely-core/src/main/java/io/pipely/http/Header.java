package io.pipely.http;

/** One header of an answer. */
public record Header(String name, String value) {}
