/** The version of the gateway, as it tells it. */
export const version = '0.1.0';
