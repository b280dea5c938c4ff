import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** `open`: bytes pass. `silent`: connections are taken and nothing passes any more. `closed`: nobody listens. */
export type ProxyMode = 'open' | 'silent' | 'closed';

/** A line to a server that can go dead in the ways lines do. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private mode: ProxyMode = 'open';

  private constructor(
    private target: number,
    private server: Server,
    readonly port: number,
  ) {}

  /** @param target a port of this machine */
  static async to(target: number): Promise<TcpProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new TcpProxy(target, server, (server.address() as AddressInfo).port);
    server.on('connection', (socket) => proxy.take(socket));
    return proxy;
  }

  /** Connections that are open go silent, or are cut off, with the rest. */
  async become(mode: ProxyMode): Promise<void> {
    const before = this.mode;
    this.mode = mode;
    if (mode === 'closed') return this.close();
    if (before === 'closed') await this.listenAgain();
    // What has gone silent may have lost bytes: it never comes back.
    if (mode === 'open') this.cut();
  }

  /** What is open is cut off; from now on it leads elsewhere. */
  leadTo(target: number): void {
    this.target = target;
    this.cut();
  }

  async close(): Promise<void> {
    this.cut();
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }

  private async listenAgain(): Promise<void> {
    this.server = createServer((socket) => this.take(socket));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private cut(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  private take(near: Socket): void {
    const far = connect(this.target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      // Which end broke the line is nobody's concern here.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        if (this.mode !== 'silent') to.destroy();
      });
      from.on('data', (bytes) => this.mode === 'silent' || to.write(bytes));
    }
  }
}
