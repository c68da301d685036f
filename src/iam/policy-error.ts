/** A policy, or a request, that IAM would refuse or that the evaluator does not know; the message says which part. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}
