# The minimal build links nothing but the C library; no build links HDF5, oneDNN, libzip, libcurl or Python.
set -euo pipefail
cache=$KERATIN_BUILD/CMakeCache.txt
libraries=$(ldd "$KERATIN" | awk '{print $1}' | sed 's,.*/,,')
grep -q '^libc\.' <<<"$libraries" # else ldd told nothing
allowed='linux-vdso|ld-linux|libc\.|libm\.|libasan|libubsan|libtsan|libgcc_s|libstdc|librt|libdl|libpthread|libresolv|libgcov'
if ! grep -q '^KERATIN_JANSSON:[A-Z]*=OFF' "$cache"; then
    allowed="$allowed|libjansson|libz\."
    if grep -E 'hdf5|dnnl|python|libzip|libcrypto' <<<"$libraries"; then exit 1; fi
else
    if grep -vE "^($allowed)" <<<"$libraries"; then exit 1; fi
fi
