# The library (compiled once, packed as libkeratin.a and libkeratin.so) and the programs on top of include/.

if(NOT KERATIN_SOURCES)
    message(FATAL_ERROR "there is no src/*/*.c")
endif()
add_library(keratin-objects OBJECT ${KERATIN_SOURCES})
set_target_properties(keratin-objects PROPERTIES
    POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden)
target_compile_definitions(keratin-objects PRIVATE KERATIN_BUILD KERATIN_VERSION="${PROJECT_VERSION}")
target_link_libraries(keratin-objects PRIVATE keratin-internal)

# keratin::static and keratin::shared; keratin::keratin is one of them. Another project builds the one that it links.
set(KERATIN_KIND static)
if(BUILD_SHARED_LIBS)
    set(KERATIN_KIND shared)
endif()
foreach(kind static shared)
    string(TOUPPER ${kind} type)
    add_library(keratin-${kind} ${type} $<TARGET_OBJECTS:keratin-objects>)
    add_library(keratin::${kind} ALIAS keratin-${kind})
    set_target_properties(keratin-${kind} PROPERTIES OUTPUT_NAME keratin EXPORT_NAME ${kind})
    target_include_directories(keratin-${kind} PUBLIC
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_link_libraries(keratin-${kind} PRIVATE $<BUILD_INTERFACE:keratin-flags>)
    if(NOT PROJECT_IS_TOP_LEVEL AND NOT kind STREQUAL KERATIN_KIND)
        set_target_properties(keratin-${kind} PROPERTIES EXCLUDE_FROM_ALL ON)
    endif()
endforeach()
add_library(keratin::keratin ALIAS keratin-${KERATIN_KIND})
set_target_properties(keratin-shared PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
target_link_options(keratin-shared PRIVATE LINKER:--as-needed)
target_link_libraries(keratin-shared PRIVATE ${KERATIN_LINK})
target_link_libraries(keratin-static PUBLIC ${KERATIN_LINK})

# keratin_program(target name folder files...): a program that sees nothing but include/ and its own folder.
function(keratin_program target name folder)
    add_executable(${target} ${ARGN})
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME ${name}
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${folder})
    target_compile_definitions(${target} PRIVATE KERATIN_VERSION="${PROJECT_VERSION}")
    target_link_libraries(${target} PRIVATE keratin-flags keratin-static)
    target_link_options(${target} PRIVATE LINKER:--as-needed) # who reads no images starts without their libraries
endfunction()

if(NOT KERATIN_PROGRAMS)
    return()
endif()

file(GLOB cli CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/*.c)
if(cli)
    keratin_program(keratin-cli keratin . ${cli})
    target_include_directories(keratin-cli PRIVATE ${PROJECT_SOURCE_DIR}/cli)
endif()

include(cmake/embed.cmake)
file(GLOB bench CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*.c)
if(bench)
    keratin_program(keratin-bench keratin-bench . ${bench})
    keratin_embed(keratin-bench ${PROJECT_SOURCE_DIR}/bench/workloads.json bench_workloads)
    keratin_embed(keratin-bench ${PROJECT_SOURCE_DIR}/bench/own_workloads.json bench_own_workloads)
endif()

set(KERATIN_EXAMPLES "")
file(GLOB examples CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/*.c)
foreach(file IN LISTS examples)
    get_filename_component(name ${file} NAME_WE)
    keratin_program(example-${name} ${name} examples ${file})
    list(APPEND KERATIN_EXAMPLES ${name})
endforeach()

# The generator prints the public headers that follow from the field tables.
file(GLOB gen CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tools/gen/*.c)
if(gen)
    keratin_program(keratin-gen keratin-gen tools ${gen})
    target_link_libraries(keratin-gen PRIVATE keratin-internal)
    add_custom_target(gen
        COMMAND keratin-gen ${PROJECT_SOURCE_DIR}
        COMMENT "Writing the generated headers"
        VERBATIM)
endif()
