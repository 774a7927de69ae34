/** The secrets that the console stores encrypted, with the keys of its setting ENCRYPTION_KEY. */
import { ApiProblem } from '#http';
import { SecretBox as Box } from '#service';

export { isSealed } from '#service';

export class SecretBox extends Box {
  /** @throws ApiProblem unavailable without a key */
  override seal(secret: string, place: string): string {
    if (!this.hasKey)
      throw new ApiProblem(
        'unavailable',
        'this console has no key to encrypt secrets with: an admin of the machine sets ENCRYPTION_KEY',
      );
    return super.seal(secret, place);
  }
}
