# keratin_embed(target file symbol): an ASCII file as the program's `const char symbol[]`, ended with a zero.
function(keratin_embed target file symbol)
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    set(out ${PROJECT_BINARY_DIR}/${symbol}.c)
    file(CONFIGURE OUTPUT ${out} @ONLY CONTENT
        "extern const char ${symbol}[];\nconst char ${symbol}[] = {${bytes}0};\n")
    target_sources(${target} PRIVATE ${out})
    set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
endfunction()
