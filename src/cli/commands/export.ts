import * as z from 'zod';
import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';
import { argument, bucketName, option, typedAs } from '../framework/fields';
import { indented, json, jsonInHeredoc, lines } from '../framework/output';
import { openReading, readBuckets } from '../reading';

const FORMATS = ['json', 'terraform'] as const;
const format = z.enum(FORMATS, { error: ({ input }) => `${typedAs(input)}; write one of ${FORMATS.join(', ')}` });

export const exportStatements = command({
  name: 'export',
  group: 'Changes',
  summary: 'Prints our statements of a bucket, for owners who merge them into a policy of their own',
  details: [
    'A copied file is as old as it is: applied later, it lets in again whoever was revoked since, until the function takes it out. Better leave the policy to the function (`ignore_changes`), or run this in the same pipeline right before every apply.',
  ],
  needs: 'reading',
  arguments: { bucket: argument('<bucket>', 'the bucket', bucketName) },
  options: { format: option('--format <format>', `${FORMATS.join(' or ')} (default: json)`, format.default('json')) },
  examples: [
    { line: 'export acme-raw > acme-raw.policy.json', about: 'A policy document, for source_policy_documents.' },
    { line: 'export acme-raw --format terraform', about: 'A data source with the same.' },
  ],
  run: async (context, { bucket, format: as }) => {
    const { terminal } = context;
    const [found] = await readBuckets(await openReading(context), [bucket]);
    if (found === undefined || (found.registered === undefined && found.head === undefined && found.unreadableState === undefined))
      throw new CommandFailure(
        'missing',
        `bucket '${bucket}' is not registered and never was`,
        'see the buckets of the deployment: datazone-s3 doctor',
      );
    // Without the bucket's state it is unknown which statements are ours.
    if (found.unreadableState !== undefined) throw found.unreadableState;
    const document = { Version: '2012-10-17', Statement: found.head?.written ?? [] };
    terminal.note(
      terminal.paint(
        'yellow',
        `Statements of ${bucket} as of now. A copied file lets in again whoever is revoked from here on: export before every apply, or leave the policy to the function.`,
      ),
    );
    if (found.head?.intended !== undefined) terminal.note(terminal.paint('yellow', 'A change is under way: export again in a minute.'));
    terminal.answer(document, () =>
      as === 'json'
        ? json(document, 2)
        : lines([
            `data "aws_iam_policy_document" "merged" {`,
            '  source_policy_documents = [',
            '    data.aws_iam_policy_document.own.json,',
            '    <<-POLICY',
            indented(jsonInHeredoc(document, 2), '    '),
            '    POLICY',
            '  ]',
            '}',
          ]),
    );
    return undefined;
  },
});
