/** What a skill's name becomes: its folder, its image, its package. Pure. */

/** Thrown for a name that the gateway would refuse. */
export class SkillNameError extends Error {
  override readonly name = 'SkillNameError';

  constructor(given: string) {
    super(
      `${JSON.stringify(given)} is no name of a skill: write at most 128 letters, digits, ".", "_", "-" and one "/", with a letter or digit at all ends`,
    );
  }
}

const part = '[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?';
const skillName = new RegExp(`^${part}(/${part})?$`);
const nameMaximum = 128;

/** Throws SkillNameError. */
export function checkSkillName(name: string): void {
  if (name.length > nameMaximum || !skillName.test(name)) throw new SkillNameError(name);
}

/** `weather/Forecast` lies in `weather-Forecast`. */
export function folderOf(name: string): string {
  return name.replace('/', '-');
}

/**
 * Repositories of images are lower case, with single separators between letters and digits (distribution's reference
 * grammar).
 */
export function imageOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9/]+/g, '-');
}

/** As npm names packages. */
export function packageOf(name: string): string {
  return imageOf(name).replace('/', '-');
}
