import { join } from "node:path";
import * as ts from "typescript";

/** The checkout, from where every path of the reference counts. */
export const project = join(__dirname, "..", "..");

const entry = join(project, "components", "bsr-release", "args", "index.ts");

/** The arguments as the compiler sees them, with the settings that the package is compiled with. */
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

/** The type of an exported type alias or interface of a source file. */
export function exportedType(program: ts.Program, path: string, name: string): ts.Type {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(join(project, path));
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  const symbol = module === undefined ? undefined : checker.tryGetMemberInModuleExports(name, module);
  if (symbol === undefined) throw new Error(`${path} exports no ${name}`);
  return checker.getDeclaredTypeOfSymbol(symbol);
}
