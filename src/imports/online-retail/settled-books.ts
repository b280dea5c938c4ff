import { Injectable } from '@nestjs/common';
import { PostEvents } from '#erp/accounting';
import { runInContext } from '#libs/context';
import { type Predecessor, UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';

/** One unit of work whose events are settled and posted in it, so that no consumer has anything left to do. */
@Injectable()
export class SettledBooks {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly postEvents: PostEvents,
  ) {}

  /**
   * @param options.now the business's time meanwhile
   * @param options.predecessor the unit of work before, that has not ended yet
   * @param note what is written down about the result, in the same unit of work
   * @throws Misforeseen
   */
  async run<T>(
    { now, predecessor }: { readonly now: Date; readonly predecessor?: Predecessor | undefined },
    work: () => Promise<T>,
    note?: (result: T) => void,
  ): Promise<T> {
    return runInContext({ now }, () =>
      this.unitOfWork.run(
        async () => {
          this.postEvents.ahead();
          const { result, events } = await this.outbox.settleInline(work);
          note?.(result);
          await this.postEvents.execute(events);
          return result;
        },
        // One process brings in all documents, one behind the other: nobody waits for their numbers, and what a crash of
        // the database takes back is found missing and brought in again.
        { numbersAhead: true, asynchronousCommit: true, predecessor },
      ),
    );
  }
}
