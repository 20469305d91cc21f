# Tests: each file of tests/{unit,table,keras} is one cmocka program, each tests/cli/*.sh one script.
# Exit status 77 means skipped. KERATIN_SHARED names the folder with golden cases where there is one.

find_path(KERATIN_CMOCKA_INCLUDE cmocka.h)
find_library(KERATIN_CMOCKA_LIBRARY cmocka)
mark_as_advanced(KERATIN_CMOCKA_INCLUDE KERATIN_CMOCKA_LIBRARY)

set(KERATIN_TEST_ENV "KERATIN_SOURCE=${PROJECT_SOURCE_DIR}" "KERATIN_BUILD=${PROJECT_BINARY_DIR}")
get_filename_component(shared ${PROJECT_SOURCE_DIR}/../shared ABSOLUTE)
if(EXISTS ${shared}/goldens)
    list(APPEND KERATIN_TEST_ENV "KERATIN_SHARED=${shared}")
endif()
if(TARGET keratin-cli)
    list(APPEND KERATIN_TEST_ENV "KERATIN=$<TARGET_FILE:keratin-cli>")
endif()
if(TARGET keratin-bench)
    list(APPEND KERATIN_TEST_ENV "KERATIN_BENCH=$<TARGET_FILE:keratin-bench>")
endif()
# Without intercept_tls_get_addr=0 the search for leaks crashes after OpenMP was opened at run time.
list(APPEND KERATIN_TEST_ENV
    "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1:intercept_tls_get_addr=0"
    "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/fuzz/leaks.txt:print_suppressions=0"
    "TSAN_OPTIONS=ignore_noninstrumented_modules=1" # OpenMP's barriers are invisible to it
    "UBSAN_OPTIONS=print_stacktrace=1")

# Tests run side by side: threads of OpenMP that wait must not keep a processor from another.
list(APPEND KERATIN_TEST_ENV "OMP_WAIT_POLICY=passive")

# keratin_test(name label command...)
function(keratin_test name label)
    add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES
        LABELS ${label}
        TIMEOUT 600
        SKIP_RETURN_CODE 77
        ENVIRONMENT "${KERATIN_TEST_ENV}")
endfunction()

file(GLOB support CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/support/*.c)
# Part of each test program, whether it asks for it or not; compiled once.
set(held ${PROJECT_SOURCE_DIR}/tests/support/held.c)
list(REMOVE_ITEM support ${held})
add_library(keratin-test-held OBJECT ${held})
target_include_directories(keratin-test-held PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(keratin-test-held PRIVATE keratin-internal keratin-flags)
if(KERATIN_CMOCKA_INCLUDE AND KERATIN_CMOCKA_LIBRARY)
    # Compiled once; each test takes the objects that it needs.
    add_library(keratin-test-support STATIC ${support})
    target_include_directories(keratin-test-support PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_include_directories(keratin-test-support SYSTEM PRIVATE ${KERATIN_CMOCKA_INCLUDE})
    target_link_libraries(keratin-test-support PRIVATE keratin-internal keratin-flags keratin-static)
    foreach(label unit table keras)
        file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${label}/*.c)
        foreach(file IN LISTS files)
            get_filename_component(name ${file} NAME_WE)
            set(target test-${label}-${name})
            keratin_program(${target} ${name} tests/${label} ${file} $<TARGET_OBJECTS:keratin-test-held>)
            target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
            target_include_directories(${target} SYSTEM PRIVATE ${KERATIN_CMOCKA_INCLUDE})
            target_link_libraries(${target} PRIVATE
                keratin-test-support keratin-internal keratin-static ${KERATIN_CMOCKA_LIBRARY})
            keratin_test(${label}.${name} ${label} ${target})
        endforeach()
    endforeach()
else()
    message(WARNING "libcmocka-dev was not found: the C tests are left out")
endif()

# The test stands between the library and what it opens.
if(TARGET test-unit-test_codec_libraries)
    target_link_options(test-unit-test_codec_libraries PRIVATE LINKER:--wrap=dlopen LINKER:--wrap=dlsym)
endif()

if(TARGET test-unit-test_codec_file_calls)
    foreach(name read write close fsync fchmod fstat rename access realpath mmap open)
        target_link_options(test-unit-test_codec_file_calls PRIVATE LINKER:--wrap=${name})
    endforeach()
endif()

# Calls with NULL for every pointer, written from the headers.
find_program(KERATIN_PYTHON3 python3)
mark_as_advanced(KERATIN_PYTHON3)
if(TARGET test-unit-test_null_calls AND KERATIN_PYTHON3)
    set(program ${PROJECT_SOURCE_DIR}/tests/support/null_calls.py)
    file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/keratin/*.h)
    add_custom_command(
        OUTPUT ${PROJECT_BINARY_DIR}/tests/null_calls.h
        COMMAND ${KERATIN_PYTHON3} ${program} ${PROJECT_BINARY_DIR}/tests/null_calls.h ${headers}
        DEPENDS ${program} ${headers}
        VERBATIM)
    add_custom_target(null-calls DEPENDS ${PROJECT_BINARY_DIR}/tests/null_calls.h)
    add_dependencies(test-unit-test_null_calls null-calls)
    target_sources(test-unit-test_null_calls PRIVATE ${PROJECT_BINARY_DIR}/tests/null_calls.h)
    target_include_directories(test-unit-test_null_calls PRIVATE ${PROJECT_BINARY_DIR}/tests)
elseif(TARGET test-unit-test_null_calls)
    message(WARNING "python3 was not found: unit.test_null_calls is left out")
    set_target_properties(test-unit-test_null_calls PROPERTIES EXCLUDE_FROM_ALL ON)
    set_tests_properties(unit.test_null_calls PROPERTIES DISABLED ON)
endif()

file(GLOB scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/cli/*.sh)
if(TARGET keratin-cli)
    foreach(file IN LISTS scripts)
        get_filename_component(name ${file} NAME_WE)
        keratin_test(cli.${name} cli bash ${file})
    endforeach()
endif()

file(GLOB scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/tools/*.sh)
foreach(file IN LISTS scripts)
    get_filename_component(name ${file} NAME_WE)
    keratin_test(tools.${name} tools bash ${file})
    set_tests_properties(tools.${name} PROPERTIES TIMEOUT 1500)
endforeach()

foreach(name IN LISTS KERATIN_EXAMPLES)
    keratin_test(example.${name} cli example-${name})
endforeach()

# Fuzz targets: with libFuzzer in the fuzz build; elsewhere each is replayed over its seeds, as one test.
file(GLOB fuzz CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/fuzz/*.c)
set(replay ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.c)
list(REMOVE_ITEM fuzz ${replay})
foreach(file IN LISTS fuzz)
    get_filename_component(name ${file} NAME_WE)
    set(target fuzz-${name})
    if(KERATIN_FUZZ)
        keratin_program(${target} ${name} fuzz ${file})
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    else()
        keratin_program(${target} ${name} tests/fuzz ${file} ${replay} $<TARGET_OBJECTS:keratin-test-held>)
        target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
        keratin_test(fuzz.${name} unit ${target} ${PROJECT_SOURCE_DIR}/tests/fuzz/seeds/${name})
    endif()
    target_link_libraries(${target} PRIVATE keratin-internal)
endforeach()
