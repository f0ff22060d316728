// What a project of webpack has for style sheets; nothing here is about the packages.
const path = require("node:path");

module.exports = {
  mode: "production",
  entry: "./app.js",
  output: { path: path.join(__dirname, "out-webpack") },
  performance: false,
  stats: "errors-warnings",
  module: {
    rules: [
      {
        test: /\.css$/,
        use: ["style-loader", "css-loader"].map((name) => require.resolve(name, { paths: [process.env.LOADERS] })),
      },
    ],
  },
};
