import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A line to a server that can fall silent: connections stay open and nothing comes through. */
export class FrozenLine {
  private readonly sockets: Socket[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async to(url: string): Promise<FrozenLine> {
    const server = createServer();
    const line = new FrozenLine(server, new URL(url));
    server.on('connection', (client) => line.join(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  /** The same URL by this line. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  freeze(): void {
    for (const socket of this.sockets) socket.pause().unpipe();
  }

  thaw(): void {
    for (let index = 0; index + 1 < this.sockets.length; index += 2) {
      const [client, upstream] = [this.sockets[index], this.sockets[index + 1]];
      if (!client || !upstream) continue;
      client.pipe(upstream);
      upstream.pipe(client);
    }
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    const upstream = connect(Number(this.target.port), this.target.hostname);
    for (const socket of [client, upstream]) {
      this.sockets.push(socket);
      // One end goes when the other does.
      socket.on('error', () => socket.destroy());
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
  }
}
