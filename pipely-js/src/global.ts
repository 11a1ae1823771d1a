// The plain script: all that the module exports hangs on the one name that it defines.
import { Pipely, PipelyError } from "./pipely.js";

Object.assign(globalThis, { Pipely: Object.assign(Pipely, { PipelyError }) });
