import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A line to a server that a spec can cut, stall and mend. */
export interface Line {
  /** The server, through this line. */
  readonly url: string;
  /** Connections break, and no new one is made. */
  cut(): void;
  /** Connections stay, and nothing comes through. */
  stall(): void;
  mend(): void;
  close(): void;
}

/** Lays a line to the server at `target`. */
export async function line(target: string): Promise<Line> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let whole = true;
  let moves = true;
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('data', (bytes: Buffer) => moves && other.write(bytes));
      one.on('end', () => other.end());
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    stall: () => {
      moves = false;
    },
    mend: () => {
      // What was swallowed is lost: the connections that lost it are of no use any more.
      if (!moves) for (const socket of sockets) socket.destroy();
      whole = true;
      moves = true;
    },
    close: () => {
      cut();
      server.close();
    },
  };
}
