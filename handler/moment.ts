import * as z from 'zod/mini';

/** A moment in ISO 8601, UTC, to the minute or finer. Times are reckoned from it, so that it has to be one. */
export const moment = z.string().check(
  z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z$/),
  z.refine((at) => !Number.isNaN(Date.parse(at))),
);
