// Where Pipely is, as the pages see it: beside them.
export const server = new URL(".", import.meta.url).href;
