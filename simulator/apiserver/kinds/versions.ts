/** The order of a group's versions. */
const versionForm = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/**
 * `v2`, `v1`, `v1beta1`, `v1alpha1`, then the rest by name. Upstream: apimachinery/pkg/version
 * CompareKubeAwareVersionStrings.
 */
export function compareVersions(left: string, right: string): number {
  const [one, other] = [rankOf(left), rankOf(right)];
  for (let index = 0; index < one.length; index++) {
    const difference = (other[index] ?? 0) - (one[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

function rankOf(version: string): number[] {
  const match = versionForm.exec(version);
  if (!match) return [0, 0, 0, 0];
  const stability = match[2] === undefined ? 3 : match[2] === 'beta' ? 2 : 1;
  return [1, stability, Number(match[1]), Number(match[3] ?? 0)];
}
