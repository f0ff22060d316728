// All that the packages export, as a program in Node imports it.
export * as core from "@completion-playground/core";
export * as streams from "@completion-playground/core/stream";

import "@completion-playground/element";
import "@completion-playground/element/react";
