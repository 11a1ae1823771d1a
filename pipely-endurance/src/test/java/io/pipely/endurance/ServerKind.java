package io.pipely.endurance;

/** The servers on which everything here is tried. */
enum ServerKind {
  JETTY,
  TOMCAT
}
