/** What was sealed cannot be opened: a fault of the installation, for its operators. Says nothing of the contents. */
export class SecretUnreadable extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`a sealed secret cannot be opened: ${reason}`, options);
    this.name = 'SecretUnreadable';
  }
}
