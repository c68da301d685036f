import * as fc from 'fast-check';
import { chunks, type EditableBucket, editRights } from '../../modules/bucket-account/edit-rights';

const bucket = (name: string, ...projects: readonly (readonly string[])[]): EditableBucket => ({
  name,
  prefixes: projects.map((owningProjects) => ({ owningProjects })),
});

describe('Edit rights', () => {
  it('put buckets with equal sets of owning projects into one statement, in whatever order they are written', () => {
    expect(editRights('aws', [bucket('one', ['p', 'q']), bucket('two', ['r']), bucket('three', ['q'], ['p'])])).toEqual([
      { bucketArns: ['arn:aws:s3:::one', 'arn:aws:s3:::three'], sessionTags: ['p', 'q', '-'] },
      { bucketArns: ['arn:aws:s3:::two'], sessionTags: ['r', '-'] },
    ]);
  });

  it('name every bucket once, with its own projects and the value for removals, and no other', () => {
    const project = fc.constantFrom('p', 'q', 'r', '*');
    const buckets = fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[a-z]{3,6}$/),
        prefixes: fc.array(fc.record({ owningProjects: fc.array(project, { minLength: 1 }) }), { minLength: 1 }),
      }),
      { selector: ({ name }) => name },
    );
    fc.assert(
      fc.property(buckets, (registered) => {
        const rights = editRights('aws', registered);
        expect(rights.flatMap(({ bucketArns }) => bucketArns).sort()).toEqual(registered.map(({ name }) => `arn:aws:s3:::${name}`).sort());
        for (const { name, prefixes } of registered) {
          const own = rights.find(({ bucketArns }) => bucketArns.includes(`arn:aws:s3:::${name}`));
          expect(new Set(own?.sessionTags)).toEqual(new Set([...prefixes.flatMap(({ owningProjects }) => owningProjects), '-']));
        }
        for (const { bucketArns } of rights) expect(bucketArns.length).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('are split where too many buckets share their projects for one statement', () => {
    const many = Array.from({ length: 23 }, (_, index) => bucket(`bucket-${index}`, ['p']));
    expect(editRights('aws', many).map(({ bucketArns, sessionTags }) => [bucketArns.length, sessionTags])).toEqual([
      [10, ['p', '-']],
      [10, ['p', '-']],
      [3, ['p', '-']],
    ]);
  });
});

describe('Chunks', () => {
  it('hold everything in its order, none more than its size, and none is empty', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 7 }), (items, size) => {
        const parts = chunks(items, size);
        expect(parts.flat()).toEqual(items);
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0);
          expect(part.length).toBeLessThanOrEqual(size);
        }
      }),
    );
  });
});
