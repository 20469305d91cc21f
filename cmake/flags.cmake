# Compiler flags. Two interface targets: keratin-flags for every target of ours, keratin-internal for what sees src/.

find_program(KERATIN_CCACHE ccache)
if(KERATIN_CCACHE AND NOT CMAKE_C_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER ${KERATIN_CCACHE})
endif()

set(KERATIN_WARNINGS
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
    -Wimplicit-fallthrough -Wundef)
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
    # Call macros set defaults and then the caller's value; -Wextra warns of that on clang only.
    list(APPEND KERATIN_WARNINGS -Wno-gnu-zero-variadic-macro-arguments)
endif()
if(KERATIN_WERROR)
    list(APPEND KERATIN_WARNINGS -Werror)
endif()

add_library(keratin-flags INTERFACE)
target_compile_options(keratin-flags INTERFACE ${KERATIN_WARNINGS})
# errno of math functions and floating-point traps are never read: both flags keep every result.
target_compile_options(keratin-flags INTERFACE $<$<CONFIG:Release>:-fno-math-errno -fno-trapping-math>)
target_compile_definitions(keratin-flags INTERFACE _DEFAULT_SOURCE _POSIX_C_SOURCE=200809L)

if(KERATIN_SANITIZE)
    set(flags -fsanitize=${KERATIN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_compile_options(keratin-flags INTERFACE ${flags})
    target_link_options(keratin-flags INTERFACE ${flags})
endif()
if(KERATIN_COVERAGE)
    target_compile_options(keratin-flags INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(keratin-flags INTERFACE --coverage)
endif()
if(KERATIN_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "KERATIN_FUZZ needs clang: -DCMAKE_C_COMPILER=clang")
    endif()
    target_compile_options(keratin-flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

add_library(keratin-internal INTERFACE)
target_link_libraries(keratin-internal INTERFACE keratin-flags)
target_include_directories(keratin-internal INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
# Of tests there are many, large ones under a sanitizer: mold links them in half the time. What is installed is linked as ever.
include(CheckLinkerFlag)
check_linker_flag(C -fuse-ld=mold KERATIN_HAS_MOLD)
if(KERATIN_HAS_MOLD)
    target_link_options(keratin-internal INTERFACE -fuse-ld=mold)
endif()
