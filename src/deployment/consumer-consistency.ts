import { CONSUMER_NAME_PATTERN, CONSUMER_QUOTAS, ID_PATTERN } from '../../modules/consumer-account/limits';
import type { Problem } from './problem';

interface Environment {
  readonly create?: { readonly blueprint: { readonly id: string; readonly enable: boolean } } | undefined;
}

/** A consumer, as far as its parts have to fit each other. */
interface Consumer {
  readonly account: string;
  readonly name?: string | undefined;
  readonly project: string;
  readonly environment?: Environment | undefined;
  readonly readers: readonly string[];
  readonly notebook?: { readonly create?: { readonly role?: string | undefined } | undefined } | undefined;
  readonly reads?: readonly string[] | undefined;
  readonly subscriptionTarget: { readonly create: boolean };
  readonly membership?: { readonly userProfile: 'create' | 'existing' } | undefined;
}

/** What a consumer is called: in the names of what is made for it, and in messages. */
export const consumerNameOf = ({ name, project }: Pick<Consumer, 'name' | 'project'>): string => name ?? project;

/** What does not fit together in the consumers of a deployment file, whatever is right or wrong on its own; paths begin at the list. */
export const consumerProblems = (consumers: readonly Consumer[]): readonly Problem[] => [
  ...consumers.flatMap((consumer, index) =>
    [...nameProblems(consumer), ...readerProblems(consumer)].map(({ path, message }) => ({ path: [index, ...path], message })),
  ),
  ...repeatedNames(consumers),
  ...repeatedBlueprints(consumers),
  ...repeatedProfiles(consumers),
];

const nameProblems = ({ name, project }: Consumer): readonly Problem[] =>
  name !== undefined || new RegExp(CONSUMER_NAME_PATTERN).test(project) || !new RegExp(ID_PATTERN).test(project)
    ? []
    : [
        {
          path: ['name'],
          message: `is missing, and project '${project}' is no name; write up to 19 lower-case letters, digits and hyphens`,
        },
      ];

const readerProblems = (consumer: Consumer): readonly Problem[] => {
  const { readers, notebook, subscriptionTarget, reads } = consumer;
  const path = ['readers'];
  const repeated = readers.filter((reader, index) => readers.indexOf(reader) !== index);
  if (repeated.length > 0) return [{ path, message: `names '${repeated[0]}' twice; name each role once` }];
  const principals = new Set([...readers, ...(notebook?.create ? [notebook.create.role ?? ''] : [])]);
  if (principals.size === 0) {
    return subscriptionTarget.create || reads ? [{ path, message: 'is empty, and no notebook is made; write names of roles' }] : [];
  }
  const { limit, remedy, source, unit } = CONSUMER_QUOTAS.principals;
  if (!subscriptionTarget.create || principals.size <= limit) return [];
  const made = principals.size > readers.length ? " with the notebook's role" : '';
  return [{ path, message: `makes ${principals.size} ${unit}${made}, and AWS takes ${limit}; ${remedy} (${source})` }];
};

const repeatedNames = (consumers: readonly Consumer[]): readonly Problem[] =>
  consumers.flatMap((consumer, index) => {
    const name = consumerNameOf(consumer);
    const earlier = consumers.findIndex((other) => other.account === consumer.account && consumerNameOf(other) === name);
    if (earlier === index) return [];
    return [
      {
        path: [index, consumer.name === undefined ? 'project' : 'name'],
        message: `is '${name}', as is that of consumerAccounts[${earlier}] in the same account; write another name`,
      },
    ];
  });

/** An account has one configuration of a blueprint, which goes with the stack that made it. */
const repeatedBlueprints = (consumers: readonly Consumer[]): readonly Problem[] => {
  const enabled = ({ account, environment }: Consumer): string | undefined => {
    const blueprint = environment?.create?.blueprint;
    return blueprint?.enable ? `${account} ${blueprint.id}` : undefined;
  };
  return consumers.flatMap((consumer, index) => {
    const earlier = consumers.findIndex((other) => enabled(other) === enabled(consumer));
    if (enabled(consumer) === undefined || earlier === index) return [];
    return [
      {
        path: [index, 'environment', 'create', 'blueprint', 'enable'],
        message: `is true, as is that of consumerAccounts[${earlier}] in the same account; enable a blueprint once in an account`,
      },
    ];
  });
};

/** The function's role is a user of the domain once, whatever the number of projects it reads. */
const repeatedProfiles = (consumers: readonly Consumer[]): readonly Problem[] => {
  const creating = consumers.flatMap(({ membership }, index) => (membership?.userProfile === 'create' ? [index] : []));
  const [first, ...others] = creating;
  return others.map((index) => ({
    path: [index, 'membership', 'userProfile'],
    message: `is 'create', as is that of consumerAccounts[${first}], and the function's role becomes a user of the domain once; write existing`,
  }));
};
