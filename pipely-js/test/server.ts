import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server as TcpServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** Of a machine that is busy with other things too; only a test that fails waits so long. */
const PATIENCE = 60_000;

const JAR = process.env.PIPELY_JAR ?? "../pipely-example/standalone/target/pipely.jar";

/**
 * The test classes of pipely-endurance and what they need: with these, the server is the servlet, on Tomcat. It ends when
 * its input does.
 */
const SERVLET_CLASSPATH = process.env.PIPELY_SERVLET_CLASSPATH;

/** Why tests with a real server are skipped; false where they are not. */
export const missing: string | false =
  SERVLET_CLASSPATH || existsSync(JAR) || process.env.CI === "true" ? false : `there is no ${JAR}: build it with mvnw`;

/** Waits until something is so. */
export async function until(isSo: () => boolean, what: () => unknown = () => isSo): Promise<void> {
  for (const end = Date.now() + PATIENCE; !isSo(); await sleep(10)) {
    if (Date.now() > end) throw new Error(`never so: ${JSON.stringify(what()) ?? what()}`);
  }
}

/** The real thing, as a process. */
export class Server {
  readonly #settings: Record<string, string>;
  #process!: ChildProcess;
  #home: string | undefined;
  url = "http://127.0.0.1:0";

  private constructor(settings: Record<string, string>) {
    this.#settings = settings;
  }

  /** One at a free port, whose signs of life are frequent, and whose graces last as long as a slow machine needs. */
  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const server = new Server({ PIPELY_HEARTBEAT: "500ms", PIPELY_GRACE: "30s", ...settings });
    await server.#run();
    return server;
  }

  async #run() {
    const environment = Object.entries(process.env).filter(
      ([name]) => !/^PIPELY_|^PORT$/.test(name),
    );
    this.#process = spawn("java", SERVLET_CLASSPATH ? this.#servlet() : ["-jar", JAR], {
      env: {
        ...Object.fromEntries(environment),
        ADDRESS: new URL(this.url).host,
        PIPELY_WARM_UP: "0",
        ...this.#settings,
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface(this.#process.stdout!);
    for await (const line of lines) {
      const listening = /listening at (http:\/\/[^\s,]+)/.exec(line);
      if (listening) {
        this.url = listening[1]!;
        this.#process.stdout!.resume();
        return;
      }
    }
    throw new Error("the server has ended");
  }

  /** Its arguments; options have the names that they have for a servlet: `keepBytes` for `PIPELY_KEEP_BYTES`. */
  #servlet(): string[] {
    const options = Object.entries(this.#settings).map(([name, text]) => {
      const words = name.slice("PIPELY_".length).toLowerCase();
      return `${words.replace(/_(.)/g, (_, first: string) => first.toUpperCase())}=${text}`;
    });
    const port = `-Dpipely.endurance.port=${new URL(this.url).port}`;
    this.#home ??= mkdtempSync(join(tmpdir(), "pipely-servlet"));
    const main = ["io.pipely.endurance.ServerMain", "TOMCAT", this.#home];
    return ["-cp", SERVLET_CLASSPATH!, port, ...main, ...options];
  }

  /** Ends it, by default without a chance to say goodbye. */
  async stop(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill(signal);
    await ended;
    if (this.#home) rmSync(this.#home, { recursive: true, force: true });
  }

  /** Runs it again at the same port. */
  restart(): Promise<void> {
    return this.#run();
  }
}

/** A network in between that can fail. */
export class Network {
  readonly #tcp: TcpServer;
  readonly #links = new Set<Socket>();
  /** How many connections there have been. */
  count = 0;

  private constructor(target: URL) {
    this.#tcp = createServer((client) => {
      const server = connect(Number(target.port), target.hostname);
      this.count++;
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#links.add(from);
        from.pipe(to);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          this.#links.delete(from);
          to.destroy();
        });
      }
    });
  }

  static async to(url: string): Promise<Network> {
    const network = new Network(new URL(url));
    network.#tcp.listen(0, "127.0.0.1");
    await once(network.#tcp, "listening");
    return network;
  }

  get url(): string {
    const { port } = this.#tcp.address() as { port: number };
    return `http://127.0.0.1:${port}`;
  }

  /** Resets all connections that there are. */
  cut(): void {
    for (const link of this.#links) link.resetAndDestroy();
  }

  /** Nothing comes through any more on the connections that there are, and nobody is told. */
  mute(): void {
    for (const link of this.#links) {
      link.unpipe();
      link.pause();
    }
  }

  close(): void {
    this.#tcp.close();
    this.cut();
  }
}
