import type { OpenAPIObject } from '@nestjs/swagger';

/** What the OpenAPI document says about the API as a whole. */
export interface ApiReference {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

/** The OpenAPI document of the running application, made on first use. */
export class ApiDocument {
  private built: { readonly document: OpenAPIObject; readonly json: string } | undefined;

  constructor(private readonly build: () => OpenAPIObject) {}

  get document(): OpenAPIObject {
    return this.once().document;
  }

  get json(): string {
    return this.once().json;
  }

  private once(): { readonly document: OpenAPIObject; readonly json: string } {
    if (!this.built) {
      const document = this.build();
      this.built = { document, json: JSON.stringify(document) };
    }
    return this.built;
  }
}
