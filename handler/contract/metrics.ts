/** CloudWatch namespace of the function's metrics; their one dimension is `service`, the deployment's name. */
export const METRIC_NAMESPACE = 'DataZoneS3Fulfillment';

/**
 * Metrics that alarms watch, beside those that count outcomes. The sweep prints all but the last every minute, zeros too, so that an
 * alarm recovers; `reconciled` counts each reconcile that came to its end.
 */
export const METRICS = {
  /** Seconds that the oldest waiting grant has been waiting; 0 where none waits. */
  oldestWaiting: 'oldest-waiting',
  /** Subscriptions, buckets and items of which the work failed unexpectedly, or that cannot be read. */
  failedUnits: 'failed-units',
  /** Buckets whose policy another writer keeps overwriting. */
  contended: 'contended',
  /** Live grants on buckets that are no longer registered. */
  stranded: 'stranded',
  /** Percent of S3's 20,480 bytes that the longest bucket policy takes. */
  fullestPolicy: 'fullest-policy',
  /** Live grants whose subscription DataZone does not know any more. */
  orphaned: 'orphaned-grants',
  /** Accesses that the last reconcile was to take away, and held back because it may not take away so many. */
  heldBack: 'held-back',
  /** Buckets on which another deployment of this product has statements. */
  shared: 'shared',
  /** Seconds since a reconcile last came to its end. */
  reconcileAge: 'reconcile-age',
  reconciled: 'reconciled',
} as const;

/** The metrics' one dimension; its value is the deployment's name. */
export const METRIC_DIMENSION = 'service';
