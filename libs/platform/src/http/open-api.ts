import type { OpenAPIObject } from '@nestjs/swagger';
import type { INestApplication } from '@nestjs/common';

/** OpenAPI 3.1 of an application's controllers. Swagger is loaded when it is first asked for: it costs 20 MB. */
export async function describeApi(app: INestApplication, service: string): Promise<object> {
  const { DocumentBuilder, SwaggerModule } = await import('@nestjs/swagger');
  const builder = new DocumentBuilder()
    .setTitle(`DuoFactory ${service}`)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0');
  return withNames(withProblems(SwaggerModule.createDocument(app, builder.build())));
}

/** Every operation may answer with a problem instead. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const problem = {
    description: 'Problem details (RFC 9457)',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) operation.responses = { ...operation.responses, default: problem };
    }
  }
  const { components = {} } = document;
  return { ...document, components: { ...components, schemas: { ...components.schemas, Problem: PROBLEM } } };
}

/** Schemas with a title become components of that name: clients get a type of it, once. */
function withNames(document: OpenAPIObject): OpenAPIObject {
  const named: Record<string, unknown> = {};
  const replace = (value: unknown, inSchemas: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => replace(item, inSchemas));
    if (value === null || typeof value !== 'object') return value;
    const inner = Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, replace(member, inSchemas || name === 'schema')]),
    );
    const { title } = inner;
    if (!inSchemas || typeof title !== 'string' || !/^[A-Z][A-Za-z]+$/.test(title)) return inner;
    named[title] = inner;
    return { $ref: `#/components/schemas/${title}` };
  };
  const paths = replace(document.paths, false) as OpenAPIObject['paths'];
  const { components = {} } = document;
  return {
    ...document,
    paths,
    components: { ...components, schemas: { ...components.schemas, ...(named as object) } },
  };
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;
const PROBLEM: NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string] = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable: what programs look at' },
    detail: { type: 'string' },
    requestId: { type: 'string', description: 'From 500 on: under it the log of the service tells why' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' }, code: { type: 'string' } },
      },
    },
  },
};
