/** The compiled core, or where it lies: an address, the answer to a request for it, its bytes, or those compiled. */
export type CoreSource = string | URL | Response | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module;
