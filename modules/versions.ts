/**
 * The JSON of the resources we use is the same from 5.100.0 on, so users on 5 and 6 are both served; the CDKTF bindings alone
 * would pin one exact version.
 */
export const AWS_PROVIDER = { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } as const;

/**
 * The Node.js runtimes that every AWS provider admitted knows: 5.100.0 refuses nodejs24.x, which came with 6.19.0. Raise the floor of
 * `AWS_PROVIDER` to add one.
 */
export const RUNTIMES = ['nodejs20.x', 'nodejs22.x'] as const;
