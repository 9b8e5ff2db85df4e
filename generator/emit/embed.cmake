# Writes a C++ file that holds text files as raw strings behind one function: of a path relative
# to ROOT. FILES: the paths; FUNCTION: its name in namespace arraywright::emit.
set(text "// Embedded by the build.\n#include <map>\n#include <stdexcept>\n")
string(APPEND text "#include \"generator/emit/design.hpp\"\n\nnamespace arraywright::emit {\n\n")
string(APPEND text "const std::string& ${FUNCTION}(const std::string& path) {\n")
string(APPEND text "    static const std::map<std::string, std::string> files = {\n")
foreach(file ${FILES})
  file(READ ${ROOT}/${file} content)
  string(APPEND text "{\"${file}\", R\"AW_TEXT(${content})AW_TEXT\"},\n")
endforeach()
string(APPEND text "    };\n    return files.at(path);\n}\n\n}  // namespace arraywright::emit\n")
file(WRITE ${OUTPUT} "${text}")
