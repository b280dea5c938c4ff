import { Injectable } from '@nestjs/common';

/** Whether this process is on its way out. Readiness answers no from then on, and connections are not kept alive. */
@Injectable()
export class Draining {
  private begun = false;

  get isDraining(): boolean {
    return this.begun;
  }

  /** There is no way back. */
  begin(): void {
    this.begun = true;
  }
}
