interface Flight {
  readonly running: Promise<unknown>;
  next?: Promise<unknown>;
}

/**
 * Work that several callers of one process want at the same time is done once. A caller is never given the outcome of
 * work that began before the caller came: between the two, what was read may have changed and been flushed. Whoever
 * comes while work is under way shares the next round with all others who do.
 */
export class Flights {
  private readonly flights = new Map<string, Flight>();

  share<T>(name: string, work: () => Promise<T>): Promise<T> {
    const flight = this.flights.get(name);
    if (!flight) return this.start(name, work);
    flight.next ??= this.after(flight, name, work);
    return flight.next as Promise<T>;
  }

  private start<T>(name: string, work: () => Promise<T>): Promise<T> {
    const running = work();
    const flight: Flight = { running };
    this.flights.set(name, flight);
    const land = (): void => {
      if (!flight.next) this.flights.delete(name);
    };
    running.then(land, land);
    return running;
  }

  private async after<T>(flight: Flight, name: string, work: () => Promise<T>): Promise<T> {
    // How the round before ended is for its own callers.
    await flight.running.catch(() => undefined);
    return this.start(name, work);
  }
}
