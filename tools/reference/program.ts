import { join } from "node:path";
import * as ts from "typescript";

/** The folder of the checkout; every path of the reference is relative to it. */
export const project = join(__dirname, "..", "..");

const entry = join(project, "components", "bsr-release", "args", "index.ts");

/** Opens the arguments in the compiler, with the settings that the package is compiled with. */
export function openProgram(): ts.Program {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(project, "tsconfig.build.json"),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
      },
    },
  );
  if (config === undefined) throw new Error("tsconfig.build.json cannot be read");
  return ts.createProgram([entry], config.options);
}

/** Returns the type of a type alias or interface that a source file exports. */
export function exportedType(program: ts.Program, path: string, name: string): ts.Type {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(join(project, path));
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  const symbol = module === undefined ? undefined : checker.tryGetMemberInModuleExports(name, module);
  if (symbol === undefined) throw new Error(`${path} does not export ${name}`);
  return checker.getDeclaredTypeOfSymbol(symbol);
}
