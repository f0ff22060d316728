/** The time to the second, as the person's own settings write it. */
export function timeOfDay(date: Date): string {
  return date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** The same of a day that may be another one, which it then names. */
export function timeOfAnyDay(date: Date, today: Date): string {
  if (date.toDateString() === today.toDateString()) return timeOfDay(date);
  return date.toLocaleString(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
}
