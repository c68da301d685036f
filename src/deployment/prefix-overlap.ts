import { ANY_PROJECT } from '../../handler/contract/registry';
import { type Problem, pathText } from './problem';

/** A registered prefix of one bucket, and where in the file it is. */
export interface PlacedPrefix {
  readonly path: Problem['path'];
  readonly prefix?: string | undefined;
  readonly owningProjects: readonly (string | undefined)[];
}

/**
 * Prefixes of one bucket that lie within each other and have no owning project in common: whoever owns the outer one could publish
 * nothing that holds the inner one, and nobody would see why. Any project (`*`) is in common with all.
 */
export const overlaps = (prefixes: readonly PlacedPrefix[]): readonly Problem[] =>
  prefixes.flatMap((inner) => {
    const outer = prefixes.find((other) => holds(other, inner) && !shareProject(other, inner));
    if (!outer) return [];
    return [
      {
        path: [...inner.path, 'prefix'],
        message: `is '${inner.prefix}' of ${listed(inner)}, within '${outer.prefix}' of ${listed(outer)} (${pathText(outer.path)}); let both have a project in common, or write prefixes that do not overlap`,
      },
    ];
  });

const holds = (outer: PlacedPrefix, inner: PlacedPrefix): boolean =>
  outer.prefix !== undefined &&
  inner.prefix !== undefined &&
  outer.prefix !== inner.prefix &&
  inner.prefix.startsWith(outer.prefix) &&
  (outer.prefix === '' || outer.prefix.endsWith('/'));

const shareProject = (one: PlacedPrefix, other: PlacedPrefix): boolean =>
  [one, other].some(({ owningProjects }) => owningProjects.length === 0 || owningProjects.includes(ANY_PROJECT)) ||
  one.owningProjects.some((project) => other.owningProjects.includes(project));

const listed = ({ owningProjects }: PlacedPrefix): string => {
  const named = owningProjects.map((project) => `'${project}'`).join(', ');
  return owningProjects.length === 1 ? `project ${named}` : `projects ${named}`;
};
