import { Injectable } from '@nestjs/common';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { factOfEvent, type PostableEvent } from './fact-of-event.js';
import { PostBusinessFacts } from './post-business.js';

/** Posts what events mean for the books; for the consumers one by one, for the importer a whole document at once. */
@Injectable()
export class PostEvents {
  constructor(
    private readonly postFacts: PostBusinessFacts,
    private readonly accounts: AccountsRepository,
  ) {}

  /** Asks for what posting needs, in the round trip of what is read next. */
  ahead(): void {
    void this.accounts.roles();
  }

  /** Events that mean nothing to the books are passed over; an event posted before is not posted again. */
  async execute(events: readonly PostableEvent[]): Promise<void> {
    await this.postFacts.execute(events.flatMap((event) => factOfEvent(event) ?? []));
  }
}
