# Models that take texts: from .txt, .npy, standard input and tables; learnt vocabularies go with the saved model; a
# vocabulary never names a file.
set -euo pipefail
if grep -q "^KERATIN_ZIP:[A-Z]*=OFF" "$KERATIN_BUILD/CMakeCache.txt"; then exit 77; fi # it writes such files
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

model="Sequential([Input((1,), dtype='string'), TextVectorization(vocabulary=['good', 'bad'], output_sequence_length=3)])"
printf 'Good film!\nbad, bad\n\n' > x.txt
printf '2 1 0\n3 3 0\n0 0 0\n' > want
"$KERATIN" predict "$model" --x x.txt | cmp - want
"$KERATIN" predict "$model" --x - < x.txt | cmp - want
printf 'review,label\n"Good film!",1\n"bad, bad",0\n' > t.csv
head -2 want > want2
"$KERATIN" predict "$model" --csv t.csv --target label | cmp - want2

back="Sequential([Input((2,), dtype='int64'), StringLookup(vocabulary=['a b', 'c,d'], invert=True)])"
printf '1,2\n0,1\n' > ids.csv
printf 'a b c,d\n[UNK] a b\n' > want
"$KERATIN" predict "$back" --x ids.csv | cmp - want
for end in npy npz csv json; do
    "$KERATIN" predict "$back" --x ids.csv --out p.$end
done
printf 'a b,"c,d"\n[UNK],a b\n' | cmp - p.csv
grep -qF '"values": ["a b", "c,d", "[UNK]", "a b"]' p.json
same="Sequential([Input((2,), dtype='string'), StringLookup(vocabulary=['a b', 'c,d'])])"
printf '1 2\n0 1\n' > want
"$KERATIN" predict "$same" --x p.npy | cmp - want
"$KERATIN" predict "$same" --x p.npz | cmp - want
"$KERATIN" predict "$same" --x p.csv --no-header | cmp - want

# What is learnt in training goes with the model.
for i in 1 2 3 4 5 6; do printf '"good thing %d",yes\n"bad thing number %d",no\n' $i $i; done > train.csv
"$KERATIN" train "Sequential([TextVectorization(), Embedding(30, 4), GlobalAveragePooling1D(), Dense(2, activation='softmax')])" \
    --csv train.csv --target -1 --no-header --epochs 30 --batch-size 4 --optimizer "Adam(learning_rate=0.05)" --seed 1 \
    --loss sparse_categorical_crossentropy --metrics accuracy --out m.keras > out 2>&1
printf 'bad thing\ngood good\n' > two.txt
"$KERATIN" predict m.keras --x two.txt --json | grep -qF '"classes": ["no", "yes"]'
unzip -l m.keras > list
grep -q "assets/layers/text_vectorization/vocabulary.txt" list
"$KERATIN" convert m.keras m.json
"$KERATIN" convert m.keras m.h5
"$KERATIN" predict m.keras --x two.txt | cut -d' ' -f1,2 > first # the names of the classes are in .keras alone
"$KERATIN" predict m.h5 --x two.txt | cmp - first

got=0
"$KERATIN" summary "Sequential([StringLookup(vocabulary='/etc/passwd')])" > out 2> err || got=$?
[ "$got" -ne 0 ]
grep -q "Requested the loading of a vocabulary file outside of the model archive" err
