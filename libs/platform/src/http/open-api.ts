import type { INestApplication } from '@nestjs/common';

/** OpenAPI 3.1 of an application's controllers. Swagger is loaded when it is first asked for: it costs 20 MB. */
export async function describeApi(app: INestApplication, service: string): Promise<object> {
  const { DocumentBuilder, SwaggerModule } = await import('@nestjs/swagger');
  const builder = new DocumentBuilder()
    .setTitle(`DuoFactory ${service}`)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0');
  return SwaggerModule.createDocument(app, builder.build());
}
