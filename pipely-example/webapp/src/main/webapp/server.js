// Where Pipely is, as the pages see it: a servlet of the same web application.
export const server = new URL("pipely", import.meta.url).href;
