import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { deploymentSchema } from '../deployment/schema';

/** Where editors find it: named by the first line of `deployment.example.yaml`. */
export const SCHEMA_FILE = resolve(__dirname, '../../deployment.schema.json');

/**
 * The JSON Schema of a deployment file as it is written, before defaults. It says what each value looks like by itself; what does not
 * fit together is said when the file is synthesized.
 */
export const deploymentJsonSchema = (): string => {
  const { $schema, ...schema } = z.toJSONSchema(deploymentSchema, { io: 'input' });
  return `${JSON.stringify({ $schema, title: 'A deployment of datazone-s3-fulfillment', ...schema }, null, 2)}\n`;
};

/** Whether a file holds that schema. */
export const isSchemaStale = (file = SCHEMA_FILE): boolean => !existsSync(file) || readFileSync(file, 'utf8') !== deploymentJsonSchema();

if (require.main === module) {
  if (!process.argv.includes('--check')) writeFileSync(SCHEMA_FILE, deploymentJsonSchema());
  else if (isSchemaStale()) {
    console.error("deployment.schema.json is not what the deployment's schema emits; run 'npx tsx src/build/emit-schema.ts' and commit it");
    process.exitCode = 1;
  }
}
