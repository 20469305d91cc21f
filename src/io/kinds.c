/* kinds.c - what a file is that is no model Keratin reads: the words for people who have one. */
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "io/io.h"

#define RE_SAVE "open it in Keras and save it with model.save(\"model.keras\")"

/* --- by their first bytes --------------------------------------------------------------------- */

static bool starts(const uint8_t *data, size_t size, const char *magic, size_t n)
{
    return size >= n && memcmp(data, magic, n) == 0;
}

/* Behind blanks, without regard to case. */
static bool begins_with_tag(const uint8_t *data, size_t size, const char *tag)
{
    size_t i = 0, n = strlen(tag);

    if (starts(data, size, "\xef\xbb\xbf", 3))
        i = 3;
    while (i < size && strchr(" \t\r\n", data[i]) && data[i])
        i++;
    return size - i >= n && strncasecmp((const char *)data + i, tag, n) == 0;
}

bool kt_is_hdf5(const uint8_t *data, size_t size)
{
    static const char magic[] = "\x89HDF\r\n\x1a\n";

    bool tar = size > 262 && memcmp(data + 257, "ustar", 5) == 0;

    if (tar || starts(data, size, "PK\003\004", 4)) /* archives may hold one at such a place */
        return false;
    for (size_t at = 0; at < size; at = at ? at * 2 : 512) /* behind a user block, too */
        if (starts(data + at, size - at, magic, 8))
            return true;
    return false;
}

/* ir_version, then the producer's name, as every exporter writes it. A SavedModel begins with the
 * same fields, but there is no short text. */
static bool is_onnx(const uint8_t *data, size_t size)
{
    return size > 5 && data[0] == 0x08 && data[1] > 0 && data[1] < 32 && data[2] == 0x12 &&
           data[3] > 0 && data[3] < 64 && data[4] >= ' ' && data[4] < 127;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);

    return n >= k && strcasecmp(text + n - k, end) == 0;
}

/* The size that a Git LFS pointer says the file has; 0 if it says none. */
static long long lfs_size(const uint8_t *data, size_t size)
{
    long long bytes = 0;

    for (size_t i = 0; i + 6 < size; i++) {
        if (memcmp(data + i, "\nsize ", 6) != 0)
            continue;
        for (i += 6; i < size && data[i] >= '0' && data[i] <= '9' && bytes < (1LL << 50); i++)
            bytes = bytes * 10 + (data[i] - '0');
        break;
    }
    return bytes;
}

static void lfs_text(kt_str *out, const uint8_t *data, size_t size)
{
    kt_str_printf(out, "a Git LFS pointer, %zu bytes of text in the place of the file", size);
    if (lfs_size(data, size) > 0)
        kt_str_printf(out, " of %lld bytes", lfs_size(data, size));
    kt_str_add(out, ": run `git lfs pull` in its repository, or download the file itself");
}

static const struct {
    const char *magic;
    size_t      n, at; /* at: where it stands */
    const char *text;
} magics[] = {
    {"TFL3", 4, 4,
     "a TensorFlow Lite model, which can not be turned back: save the Keras model that it was made "
     "of with model.save(\"model.keras\")"},
    {"\x93NUMPY", 6, 0, "a NumPy array, no model: arrays belong to --x and --y"},
    {"\x1f\x8b", 2, 0, "compressed with gzip: unpack it first"},
    {"BZh", 3, 0, "compressed with bzip2: unpack it first"},
    {"\xfd"
     "7zXZ",
     5, 0, "compressed with xz: unpack it first"},
    {"\x28\xb5\x2f\xfd", 4, 0, "compressed with zstd: unpack it first"},
    {"7z\xbc\xaf\x27\x1c", 6, 0, "a 7z archive: unpack it first"},
    {"Rar!", 4, 0, "a RAR archive: unpack it first"},
    {"ustar", 5, 257, "a tar archive: unpack it first"},
    {"GGUF", 4, 0, "a GGUF file of a language model, which is not read"},
    {"%PDF", 4, 0, "a PDF document, no model"},
    {"\x80\x02", 2, 0,
     "a Python pickle (as PyTorch writes them): convert the model to Keras, then save it with "
     "model.save(\"model.keras\")"},
    {"\x80\x03", 2, 0, "a Python pickle: load it in Python, then " RE_SAVE},
    {"\x80\x04", 2, 0, "a Python pickle: load it in Python, then " RE_SAVE},
    {"\x80\x05", 2, 0, "a Python pickle: load it in Python, then " RE_SAVE},
    {"\x89PNG", 4, 0, "a picture, no model"},
    {"\xff\xd8\xff", 3, 0, "a picture, no model"},
};

static const char *by_magic(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < KT_COUNT(magics); i++)
        if (size >= magics[i].at &&
            starts(data + magics[i].at, size - magics[i].at, magics[i].magic, magics[i].n))
            return magics[i].text;
    return NULL;
}

/* The length of its header, then JSON that begins with a name. */
static bool is_safetensors(const uint8_t *data, size_t size)
{
    return size > 10 && memcmp(data + 3, "\0\0\0\0\0{\"", 7) == 0;
}

/* An answer of a server, saved in the place of the file. */
static bool is_not_found(const uint8_t *data, size_t size)
{
    static const char *const texts[] = {"404: Not Found", "Not Found", "Entry not found",
                                        "Access denied", "Repository not found"};

    for (size_t i = 0; i < KT_COUNT(texts); i++)
        if (begins_with_tag(data, size, texts[i]))
            return true;
    return false;
}

static const char *by_text(const char *name, const uint8_t *data, size_t size)
{
    if (begins_with_tag(data, size, "<!doctype html") || begins_with_tag(data, size, "<html"))
        return "a web page (HTML), no model: the link led to a page about the file; download the "
               "file itself";
    if (begins_with_tag(data, size, "<"))
        return "XML or HTML, no model: download the file itself";
    if (is_not_found(data, size))
        return "a server's answer that there is no such file: look at the address again";
    if (is_safetensors(data, size))
        return "a safetensors file, which holds weights but no layers: load it into its model in "
               "Python, then save that with model.save(\"model.keras\")";
    if (begins_with_tag(data, size, "backend:") || begins_with_tag(data, size, "class_name:"))
        return "a model in YAML (model.to_yaml() of Keras 1 or 2), which is not read: open it in "
               "Keras 2 and save it with model.save(\"model.h5\")";
    if (ends_with(name, ".ckpt.index") || ends_with(name, ".index") ||
        starts(data, size, "model_checkpoint_path", 21))
        return "a part of a TensorFlow checkpoint, which holds weights but no layers: load it into "
               "its model in Python, then save that with model.save(\"model.keras\")";
    if (ends_with(name, ".pb"))
        return "a TensorFlow graph (.pb), which holds no layers that Keratin could read: " RE_SAVE;
    if (ends_with(name, ".onnx") || is_onnx(data, size))
        return "an ONNX model, which is not read: convert it to Keras, then save it with "
               "model.save(\"model.keras\")";
    return NULL;
}

kt_status kt_refuse_kind(const char *name, const uint8_t *data, size_t size, kt_fault *f)
{
    kt_str      text = {0};
    const char *is = NULL;

    if (size == 0)
        kt_str_add(&text, "empty: the download or copy went wrong");
    else if (starts(data, size, "version https://git-lfs", 23))
        lfs_text(&text, data, size);
    else if ((is = by_magic(data, size)) || (is = by_text(name, data, size)))
        kt_str_add(&text, is);
    if (text.len > 0)
        kt_raise(f, KT_E_VALUE, "%s: this is %s", name, kt_str_text(&text));
    else
        kt_raise(f, KT_E_VALUE, "%s: neither a .keras archive, an .h5 nor a JSON model", name);
    kt_str_free(&text);
    return f->e.status;
}

/* --- zip archives and folders ----------------------------------------------------------------- */

static bool has_entry(const char *const *names, int n, const char *end)
{
    for (int i = 0; i < n; i++)
        if (ends_with(names[i], end))
            return true;
    return false;
}

kt_status kt_refuse_archive(const char *name, const char *const *names, int n, kt_fault *f)
{
    const char *is = "a zip archive, but no Keras archive: config.json is missing";

    if (has_entry(names, n, "data.pkl"))
        is = "a PyTorch model: convert it to Keras, then save it with model.save(\"model.keras\")";
    else if (has_entry(names, n, "saved_model.pb"))
        is = "a zip archive with a TensorFlow SavedModel: unpack it, " RE_SAVE;
    else if (has_entry(names, n, ".npy"))
        is = "an .npz with arrays, no model: give it as --weights, --x or --y";
    else if (has_entry(names, n, ".keras"))
        is = "a zip archive with a .keras file inside: unpack it first";
    else if (has_entry(names, n, "/config.json"))
        is = "a zip archive whose config.json lies in a folder: pack the files themselves, not "
             "their folder";
    return kt_raise(f, KT_E_VALUE, "%s: this is %s", name, is);
}

static bool holds(const char *folder, const char *file)
{
    struct stat st;
    kt_str      path = {0};

    kt_str_printf(&path, "%s/%s", folder, file);
    bool there = stat(kt_str_text(&path), &st) == 0;
    kt_str_free(&path);
    return there;
}

bool kt_is_folder(const char *path)
{
    struct stat st;

    return path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

kt_status kt_refuse_folder(const char *path, kt_fault *f)
{
    const char *is = "a folder; a model is one file";

    if (holds(path, "saved_model.pb") || holds(path, "saved_model.pbtxt"))
        is =
            "a folder with a TensorFlow SavedModel, which holds no layers that Keratin could read: "
            "open it with Keras 2 (tf_keras) and save it with model.save(\"model.keras\")";
    else if (holds(path, "config.json") && holds(path, "model.weights.h5"))
        is = "a folder with the parts of a .keras file: pack them with `zip -0 model.keras "
             "metadata.json config.json model.weights.h5`";
    else if (holds(path, "model.json"))
        is = "a folder; a model is one file: give the model.json inside";
    return kt_raise(f, KT_E_VALUE, "%s: this is %s", path, is);
}
