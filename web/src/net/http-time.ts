/** Retry-After in whole seconds, from either form (RFC 9110, 10.2.3). `now` is milliseconds since the epoch. */
export function retryAfter(header: string | null, now: number): number | undefined {
  const value = header?.trim() ?? "";
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.ceil(Number(value));
  const date = httpDate(value);
  return date === undefined ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

/** A date of a header (RFC 9110, 5.6.7) in milliseconds since the epoch; undefined where it is none. */
export function httpDate(header: string | null): number | undefined {
  const value = header?.trim() ?? "";
  // Only forms that begin with a weekday: Date.parse takes almost anything.
  const date = /^[A-Z][a-z]{2,8},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}
