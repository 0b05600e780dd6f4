type Activity = (...args: unknown[]) => Promise<unknown>;

/** The same activities, each within `wrap`. */
export const wrapActivities = <A extends object>(activities: A, wrap: (activity: Activity) => Activity): A =>
  Object.fromEntries(
    Object.entries(activities as Record<string, Activity>).map(([name, activity]) => [name, wrap(activity)]),
  ) as A;
